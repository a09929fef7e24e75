Feature: An access token lives as long as announced

  Rule: It is accepted until its lifetime ends

    @EXPIRY-1
    Scenario: An access token is accepted until shortly before its end
      Given a new login of the user
      And the access token has been accepted
      When the lifetime of the access token is nearly over
      And the access token is used
      Then every call is accepted

  Rule: It is refused afterwards

    @EXPIRY-2
    Scenario: An access token is refused after its end
      Given a new login of the user
      When the lifetime of the access token has passed
      And the access token is used
      Then every call is refused with 401

    @EXPIRY-3
    Scenario: Use does not prolong an access token
      Given a new login of the user
      And a new login of the user
      When the access token is used until its lifetime has passed
      Then use does not prolong the access token
