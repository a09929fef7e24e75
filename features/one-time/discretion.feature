Feature: The refusal of a one-time token reveals nothing

  Rule: A refusal does not name a user

    @OTT-11
    Scenario: A used token and an unknown one do not reveal a user
      Given a fresh one-time token of the user
      And the one-time token has been verified
      When the one-time token is verified between two made-up tokens
      Then no answer carries the name of a user

    @OTT-11 @needs-time
    Scenario: An expired token does not reveal a user
      Given a fresh one-time token of the user
      When the lifetime of the one-time token has passed
      And the one-time token is verified
      Then no answer carries the name of a user

  Rule: Refusals are indistinguishable

    @OTT-12
    Scenario: A used token is refused like an unknown one
      Given a fresh one-time token of the user
      And the one-time token has been verified
      When the one-time token is verified between two made-up tokens
      Then the answers are indistinguishable

    @OTT-12 @needs-time
    Scenario: An expired token is refused like an unknown one
      Given a fresh one-time token of the user
      When the lifetime of the one-time token has passed
      And the one-time token is verified between two made-up tokens
      Then the answers are indistinguishable

  Rule: What the documentation leaves open is recorded

    @OTT-13
    Scenario: A pair of tokens beside the login
      Given a fresh one-time token of the user
      When the one-time token is verified
      Then the presence of a token pair is recorded as "Does a valid verification also give a pair of tokens?"

    @OTT-14
    Scenario: Whether a verification needs an access token
      Given a fresh one-time token of the user
      When the one-time token is verified without an access token, then with one
      Then the need for an access token is recorded as "Does a verification need an access token?"
