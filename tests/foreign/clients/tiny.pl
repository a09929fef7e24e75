# A client on HTTP::Tiny, which comes with perl:  perl tiny.pl [NAME]
use strict; use warnings;
use HTTP::Tiny; use JSON::PP; use Time::HiRes qw(sleep time);

my $way  = shift // 'correct';
my $base = $ENV{BO_BASE_URL};
my $http = HTTP::Tiny->new(agent => 'bo-tiny/1.1', timeout => 10, max_redirect => 0);
my ($pair, $refusals) = (undef, 0);

sub keep { my ($answer, $asked) = @_; $pair = decode_json($answer->{content}); $pair->{end} = $asked + $pair->{accessTokenLifeTime}; }
sub pause { my $answer = shift; sleep($answer->{headers}{'retry-after'} || 1); }

sub log_in {
    for (my $wait = 1;; $wait = $wait < 60 ? 2 * $wait : 60) {
        my $asked  = time;
        my $answer = $http->post("$base/auth/token", { headers => { 'content-type' => 'application/json' },
            content => encode_json({ login => $ENV{BO_LOGIN}, password => $ENV{BO_PASSWORD} }) });
        return keep($answer, $asked) if $answer->{status} == 200;
        exit 0 if $answer->{status} == 401 && $way eq 'ends-at-refused-login';
        sleep $wait;
    }
}

sub refresh {
    my $lost = 0;
    while (1) {
        my $asked  = time;
        my $answer = $http->get("$base/auth/token/refresh", { headers => { token => $pair->{refreshToken} } });
        return keep($answer, $asked) if $answer->{status} == 200;
        if ($answer->{status} == 599) { return log_in() if ++$lost > 1; next }
        if ($answer->{status} == 429 || $answer->{status} == 503) { pause($answer); next }
        # Refused: tries with the access token, as if the two had been mixed up.
        $http->get("$base/auth/token/refresh", { headers => { token => $pair->{accessToken} } }) if $way eq 'mixes-up';
        return log_in();
    }
}

log_in();
while (1) {
    refresh() if $way ne 'reactive' && time > $pair->{end} - 0.4;
    my $answer = $http->get($base . $ENV{BO_PROBE}, { headers => { authorization => "Bearer $pair->{accessToken}" } });
    if    ($answer->{status} == 401) { sleep(2**$refusals) if $refusals; $refusals++ if $refusals < 5; refresh() }
    elsif ($answer->{status} == 429 || $answer->{status} == 503) { $way eq 'half-the-wait' ? sleep(($answer->{headers}{'retry-after'} || 1) / 2) : pause($answer) }
    elsif ($answer->{status} == 599) { sleep 1 }
    else                             { $refusals = 0 }
    sleep 0.12;
}
