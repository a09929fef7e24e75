@alone
Feature: Simultaneous logins do not disturb each other

  Rule: Each login gives a pair of its own that works

    @ISSUE-18
    Scenario: One user logs in ten times at the same moment
      When 10 logins of the user are sent at the same moment
      Then every login gives a pair of its own
      And the new pairs work

    @ISSUE-18 @needs-user2
    Scenario: Two users log in at the same moment
      When 5 logins of each user are sent at the same moment
      Then every login gives a pair of its own
      And the new pairs work
