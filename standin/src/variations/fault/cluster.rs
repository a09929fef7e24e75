//! Faults that only several nodes of one cluster show.

use crate::variations::table::variations_table;

variations_table! { ClusterFault, table 15, Cluster;
    OneTimeSpentUnshared: "cluster-one-time-spent-unshared", Must, ["CLUSTER-1"],
        "A one-time token used on one node works on the others.";
    OneTimeSpentLate: "cluster-one-time-spent-late", Must, ["CLUSTER-1"],
        "Other nodes learn 200 ms late that a one-time token was used.";
    AccessUnshared: "cluster-access-unshared", Must, ["CLUSTER-2"], "An access token works on the node that issued it alone.";
    AccessLate: "cluster-access-late", Must, ["CLUSTER-2"], "Other nodes learn an access token 200 ms late.";
    RefreshSpentUnshared: "cluster-refresh-spent-unshared", Should, ["CLUSTER-4"],
        "A refresh token spent on one node works on the others.";
    ClockAhead: "cluster-clock-ahead", Must, ["CLUSTER-2", "CLUSTER-3", "CLUSTER-5"], "The clock of one node is 40 s ahead.";
    SettingsUnshared: "cluster-settings-unshared", Must, ["CLUSTER-6"], "A change of the settings stays on one node.";
    SignatureUnchecked: "cluster-signature-unchecked", Must, ["CLUSTER-3"], "One node accepts altered access tokens.";
    OldBuild: "cluster-old-build", Must, ["CLUSTER-7"], "One node runs an old build: no refresh lifetime, and pages as errors.";
}
