Feature: An access token lives as long as announced

  Rule: It is good until its lifetime ends

    @EXPIRY-1
    Scenario: An access token is accepted until shortly before its end
      Given the user has logged in
      And the access token has been accepted
      When the access token's lifetime is nearly over
      And the access token is used
      Then the call is accepted

  Rule: It is worthless afterwards

    @EXPIRY-2
    Scenario: An access token is refused after its end
      Given the user has logged in
      When the access token's lifetime has passed
      And the access token is used
      Then the call is refused with 401

    @EXPIRY-3
    Scenario: Use does not prolong an access token
      Given the user has logged in
      And the user has logged in
      When the access token is used until its lifetime has passed
      Then the access token is as worthless as the unused earlier access token
