Feature: Tokens are good on every node, and spent on every node

  Rule: A fresh token is accepted on every node at once

    @CLUSTER-2
    Scenario: A fresh access token is accepted on every node
      When a fresh access token of each node is tried on every node
      Then every node accepts it

    @CLUSTER-2
    Scenario: A fresh refresh token is accepted on every node
      When a fresh refresh token of each node is tried on every node
      Then every node accepts it

    @CLUSTER-2 @needs-ott
    Scenario: A fresh one-time token is accepted on every node
      When a fresh one-time token of each node is tried on every node
      Then every node accepts it

  Rule: A token spent on one node is refused on the others

    @CLUSTER-1
    Scenario: A one-time token verified on one node is refused on every other
      When a fresh one-time token is verified on each node, and then on every other
      Then every other node refuses it

    @CLUSTER-1
    Scenario: In a race over all nodes one verification succeeds
      When a fresh one-time token is verified on all nodes at the same moment, in 5 rounds
      Then each token is accepted exactly once

    @CLUSTER-4
    Scenario: A refresh token spent on one node is refused on every other
      When a fresh refresh token is presented on each node, and then on every other
      Then every other node refuses it

    @CLUSTER-4
    Scenario: In a race over all nodes one refresh wins
      When a fresh refresh token is presented on all nodes at the same moment, in 3 rounds
      Then every round gives one pair at most
