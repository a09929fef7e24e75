// A client on java.net.http, started from its source:  java Job.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;

public class Job {
    static final String BASE = System.getenv("BO_BASE_URL");
    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
    static String access, refresh;
    static long end;

    static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(BASE + path)).timeout(Duration.ofSeconds(10));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static String member(String body, String name) {
        var found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}]+)").matcher(body);
        return found.find() ? found.group(1) : null;
    }

    static boolean keep(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) return false;
        access = member(answer.body(), "accessToken");
        refresh = member(answer.body(), "refreshToken");
        end = System.nanoTime() + (long) (Double.parseDouble(member(answer.body(), "accessTokenLifeTime")) * 0.8e9);
        return true;
    }

    static void pause(HttpResponse<String> answer) throws Exception {
        Thread.sleep(1000 * answer.headers().firstValueAsLong("Retry-After").orElse(1));
    }

    static void logIn() throws Exception {
        String body = "{\"login\":\"" + System.getenv("BO_LOGIN") + "\",\"password\":\"" + System.getenv("BO_PASSWORD") + "\"}";
        for (int wait = 1;; wait = Math.min(60, wait * 2)) {
            if (keep(send(to("/auth/token").header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body))))) return;
            Thread.sleep(wait * 1000L);
        }
    }

    static void refresh() throws Exception {
        for (int lost = 0; lost < 2;) {
            try {
                var answer = send(to("/auth/token/refresh").header("token", refresh));
                if (keep(answer)) return;
                if (answer.statusCode() != 429 && answer.statusCode() < 500) break;
                pause(answer);
            } catch (java.io.IOException error) {
                lost++;
            }
        }
        logIn();
    }

    public static void main(String[] arguments) throws Exception {
        logIn();
        for (int refusals = 0;;) {
            if (System.nanoTime() > end) refresh();
            try {
                var answer = send(to(System.getenv("BO_PROBE")).header("Authorization", "Bearer " + access));
                if (answer.statusCode() == 401) {
                    Thread.sleep(refusals == 0 ? 0 : 1000L << Math.min(5, refusals));
                    refusals++;
                    refresh();
                } else if (answer.statusCode() == 429 || answer.statusCode() == 503) pause(answer);
                else refusals = 0;
            } catch (java.io.IOException error) {
                Thread.sleep(1000);
            }
            Thread.sleep(120);
        }
    }
}
