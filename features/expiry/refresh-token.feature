Feature: A refresh token lives as long as announced

  Rule: It is accepted until its lifetime ends, and refused afterwards

    @EXPIRY-4
    Scenario: A refresh token is accepted until shortly before its end
      Given refreshing works
      And a new login of the user
      When the lifetime of the refresh token is nearly over
      And the refresh token is presented
      Then every answer gives a new pair

    @EXPIRY-4
    Scenario: A refresh token is refused after its end
      Given a new login of the user
      When the lifetime of the refresh token has passed
      And the refresh token is presented
      Then every answer is a client error
      And no answer carries a token
