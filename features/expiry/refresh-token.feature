Feature: A refresh token lives as long as announced

  Rule: It is good until its lifetime ends, and worthless afterwards

    @EXPIRY-4
    Scenario: A refresh token is accepted until shortly before its end
      Given refreshing works
      And the user has logged in
      When the refresh token's lifetime is nearly over
      And the refresh token is presented
      Then the answer gives a new pair

    @EXPIRY-4
    Scenario: A refresh token is refused after its end
      Given the user has logged in
      When the refresh token's lifetime has passed
      And the refresh token is presented
      Then the answer is a client error
      And the answer carries no token
