Feature: A refused one-time token tells nothing

  Rule: No refusal names a user

    @OTT-11
    Scenario: Used and unknown tokens reveal nobody
      Given a fresh one-time token
      And the one-time token has been verified
      When the one-time token and a made-up one are verified
      Then no answer names a user

    @OTT-11 @needs-time
    Scenario: An expired token reveals nobody
      Given a fresh one-time token
      When the one-time token's lifetime has passed
      And the one-time token is verified
      Then no answer names a user

  Rule: Refusals are alike

    @OTT-12
    Scenario: A used token is refused like an unknown one
      Given a fresh one-time token
      And the one-time token has been verified
      When the one-time token and made-up ones are verified
      Then the answers cannot be told apart

    @OTT-12 @needs-time
    Scenario: An expired token is refused like an unknown one
      Given a fresh one-time token
      When the one-time token's lifetime has passed
      And the one-time token and made-up ones are verified
      Then the answers cannot be told apart

  Rule: What the documentation leaves open is recorded

    @OTT-13
    Scenario: A pair of tokens beside the login
      Given a fresh one-time token
      When the one-time token is verified
      Then it is recorded whether the answer carries a pair of tokens

    @OTT-14
    Scenario: Whether a verification needs an access token
      Given a fresh one-time token
      When the one-time token is verified without an access token, then with one
      Then it is recorded whether the access token was needed
