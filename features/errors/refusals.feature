Feature: Mistakes are answered as documented

  Rule: A client's mistake is a client error

    @ERROR-1
    Scenario Outline: <mistake> is a documented client error
      When the server receives <mistake>
      Then every answer is a documented client error

      Examples:
        | mistake                        |
        | a login of an unknown user     |
        | a login without a password     |
        | a login that is not JSON       |
        | a refresh with a made-up token |
        | a refresh without a token      |
        | an unknown path                |

    # Whether a wrong method succeeds without giving a token is judged by ISSUE-14, REFRESH-11 and OTT-15.
    @ERROR-1
    Scenario Outline: <mistake> is a documented refusal
      When the server receives <mistake>
      Then every answer is a documented refusal

      Examples:
        | mistake                            |
        | a login with a wrong method        |
        | a refresh with a wrong method      |
        | a verification of a made-up token  |
        | a verification without a token     |
        | a verification that is not JSON    |
        | a verification with a wrong method |

    @ERROR-1 @needs-probe
    Scenario Outline: <mistake> is a documented client error
      When the server receives <mistake>
      Then every answer is a documented client error

      Examples:
        | mistake                     |
        | a call without a token      |
        | a call with a made-up token |

    @ERROR-3
    Scenario: An unknown path is not found
      Given a shared session
      When the access token is used on an unknown path
      Then every answer is 404

  Rule: An error is JSON and reveals nothing

    @ERROR-2
    Scenario Outline: <mistake> is answered in JSON or without a body
      When the server receives <mistake>
      Then every error body is JSON as described

      Examples:
        | mistake                            |
        | a login of an unknown user         |
        | a login without a password         |
        | a login that is not JSON           |
        | a login with a wrong method        |
        | a refresh with a made-up token     |
        | a refresh without a token          |
        | a refresh with a wrong method      |
        | a verification of a made-up token  |
        | a verification without a token     |
        | a verification that is not JSON    |
        | a verification with a wrong method |
        | an unknown path                    |

    @ERROR-2 @needs-probe
    Scenario Outline: <mistake> is answered in JSON or without a body
      When the server receives <mistake>
      Then every error body is JSON as described

      Examples:
        | mistake                     |
        | a call without a token      |
        | a call with a made-up token |

    @ERROR-4
    Scenario Outline: <mistake> is answered without internals
      When the server receives <mistake>
      Then no answer carries a secret or an internal detail

      Examples:
        | mistake                            |
        | a login of an unknown user         |
        | a login without a password         |
        | a login that is not JSON           |
        | a login with a wrong method        |
        | a refresh with a made-up token     |
        | a refresh without a token          |
        | a refresh with a wrong method      |
        | a verification of a made-up token  |
        | a verification without a token     |
        | a verification that is not JSON    |
        | a verification with a wrong method |
        | an unknown path                    |

    @ERROR-4 @needs-probe
    Scenario Outline: <mistake> is answered without internals
      When the server receives <mistake>
      Then no answer carries a secret or an internal detail

      Examples:
        | mistake                     |
        | a call without a token      |
        | a call with a made-up token |
