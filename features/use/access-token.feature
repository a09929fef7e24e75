Feature: An access token opens the protected calls

  Rule: A fresh access token is accepted

    @USE-1
    Scenario: An access token is accepted at once
      When the user logs in
      And the access token is used
      Then every call is accepted

    @USE-2
    Scenario: An access token is accepted again and again
      Given a new login of the user
      And the access token has been accepted
      When the access token is used 5 times on new connections
      Then every call is accepted

    @USE-2
    Scenario: An access token that was refused after a refresh stays refused on new connections
      Given a new login of the user
      And a refreshed pair of the user
      When the earlier access token is used 10 times on new connections
      Then no call is accepted after a refused one

  Rule: Everything else is refused

    @USE-3
    Scenario: A call without a token is refused
      When no token is used
      Then every call is refused with 401

    @USE-4
    Scenario Outline: <token> is refused
      When <token> is used
      Then every call is refused with 401

      Examples:
        | token                          |
        | a made-up token                |
        | a made-up short token          |
        | a made-up token of two parts   |
        | a made-up token of three parts |

    @USE-4
    Scenario: Words that programs send for nothing are refused
      When placeholder words are sent as the access token
      Then every call is refused with 401

    @USE-4
    Scenario: Hostile texts are refused
      When hostile texts are sent as the access token
      Then every call is refused
      And no answer is a server error

    @USE-5
    Scenario Outline: An access token with <change> is refused
      Given a shared session
      When the access token is used with <change>
      Then every call is refused with 401

      Examples:
        | change                          |
        | the start of each part changed  |
        | the middle of each part changed |
        | the end of each part changed    |
        | one character after another changed |
        | each part taken away            |
        | half of it cut off              |
        | half of its last part cut off   |
        | characters added                |
        | its letters re-cased            |

    @USE-6
    Scenario: A refresh token is refused as an access token
      Given a shared session
      When the refresh token is used
      Then every call is refused with 401

  Rule: The token belongs in the Authorization header, after the word Bearer

    @USE-7
    Scenario: The bare token is refused
      Given a shared session
      When the access token is used without the word Bearer
      Then every call is refused

    @USE-8
    Scenario Outline: A token in the query string as <name> is refused
      Given a shared session
      When the access token is used in the query string as <name>
      Then every call is refused

      Examples:
        | name         |
        | access_token |
        | accessToken  |
        | token        |

    @USE-11
    Scenario: Other spellings of the path open nothing
      When other spellings of the path are called without a token
      Then no spelling opens the call

    @USE-12
    Scenario Outline: An access token <place> is refused
      Given a new login of the user
      When the access token is used <place>
      Then every call is refused

      Examples:
        | place                           |
        | after the word Basic            |
        | after the word Token            |
        | by the cookie of the login alone |

    @USE-9
    Scenario: A refusal names the scheme to use
      When no token is used
      Then the answer asks for a Bearer token

    @USE-10
    Scenario: The word bearer is accepted in lower case or not
      Given a shared session
      When the access token is used with the word bearer in lower case
      Then the outcome is recorded as "Is `bearer` in lower case accepted?"
