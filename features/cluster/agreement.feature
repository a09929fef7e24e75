Feature: All nodes answer alike

  Rule: What one node refuses, every node refuses

    @CLUSTER-3
    Scenario: An altered access token is refused on every node
      Given a new login of the user
      When the access token is used on every node with every change
      Then every node refuses it

    @CLUSTER-3
    Scenario Outline: <token> is no other token on any node
      Given a new login of the user
      When <token> is <action> on every node
      Then every node refuses it

      Examples:
        | token             | action    |
        | the refresh token | used      |
        | the access token  | presented |

    @CLUSTER-3
    Scenario Outline: An unknown token is refused on every node
      When <token> is <action> on every node
      Then every node refuses it

      Examples:
        | token               | action    |
        | no token            | used      |
        | a made-up token     | used      |
        | a made-up token     | presented |

    @CLUSTER-3 @needs-ott
    Scenario: An unknown one-time token is refused on every node
      Given a fresh one-time token of the user
      When a made-up one-time token is verified on every node
      Then every node refuses it

    @CLUSTER-3
    Scenario: An access token that a refresh has ended is refused on every node
      Given a new login of the user
      And the access token has been accepted on every node
      And a refreshed pair of the user
      When the earlier access token is used on every node
      Then the nodes agree on it

    @CLUSTER-3
    Scenario: An access token that another login has ended is refused on every node
      Given a new login of the user
      And the access token has been accepted on every node
      And a new login of the user
      When the earlier access token is used on every node
      Then the nodes agree on it

  Rule: Clocks agree

    @CLUSTER-3 @CLUSTER-5
    Scenario: An access token is refused on every node after its end
      Given a new login on each node
      When the lifetime of each access token has passed
      And each access token is tried on the next node
      Then every node refuses it

    @CLUSTER-5
    Scenario: An access token is accepted on every node until shortly before its end
      Given a new login on each node
      When the lifetime of each access token is nearly over
      And each access token is tried on the next node
      Then every node accepts it

    @CLUSTER-3 @CLUSTER-5
    Scenario: A refresh token is refused on every node after its end
      Given a new login on each node
      When the lifetime of each refresh token has passed
      And each refresh token is tried on the next node
      Then every node refuses it

    @CLUSTER-5
    Scenario: A refresh token is accepted on every node until shortly before its end
      Given a new login on each node
      When the lifetime of each refresh token is nearly over
      And each refresh token is tried on the next node
      Then every node accepts it

    @CLUSTER-3 @CLUSTER-5 @needs-ott
    Scenario: A one-time token is refused on every node after its end
      Given a fresh one-time token for each node
      When the lifetime of each one-time token has passed
      And each one-time token is tried on the next node
      Then every node refuses it

    @CLUSTER-5 @needs-ott
    Scenario: A one-time token is accepted on every node until shortly before its end
      Given a fresh one-time token for each node
      When the lifetime of each one-time token is nearly over
      And each one-time token is tried on the next node
      Then every node accepts it

  Rule: Settings and answers are those of the deployment

    @CLUSTER-6 @alone
    Scenario Outline: A change of the <lifetime> lifetime is in force on every node
      When the <lifetime> lifetime is changed on each node
      Then every node has the lifetime as changed

      Examples:
        | lifetime |
        | access   |
        | refresh  |
        | one-time |

    @CLUSTER-7
    Scenario: The nodes answer the same calls alike
      When every node receives the same calls
      Then the nodes answer alike
