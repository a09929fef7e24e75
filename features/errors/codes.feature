Feature: Errors have codes that can be looked up

  Rule: Which code comes with which mistake is recorded

    @ERROR-5
    Scenario Outline: The code of <mistake>
      When the server receives <mistake>
      Then the error code is recorded as "Which error code comes with <mistake>?"

      Examples:
        | mistake                           |
        | a login of an unknown user        |
        | a login without a password        |
        | a login that is not JSON          |
        | a refresh with a made-up token    |
        | a verification of a made-up token |
        | an unknown path                   |

    @ERROR-6
    Scenario: An error code is explained
      Given a shared session
      And the error code of a login of an unknown user
      When the error code is looked up
      Then the outcome is recorded as "Does the server explain its error codes?"
