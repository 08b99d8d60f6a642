package io.manul.apiserver.engine.protobuf;

import java.util.Set;

/**
 * Fields that are pointers to a number, a boolean or a text in the types of k8s.io/api 1.36: their zero, false or empty text is a
 * value that somebody gave. Names that are pointers in some types only stand with their type.
 */
final class Pointers {

    private static final Set<String> NAMES = Set.of("activeDeadlineSeconds", "adminAccess", "allNodes",
            "allocateLoadBalancerNodePorts", "allowMultipleAllocations", "allowPrivilegeEscalation", "allowVolumeExpansion",
            "attachRequired", "automountServiceAccountToken", "averageUtilization", "backoffLimit", "backoffLimitPerIndex",
            "bindsToNode", "blockOwnerDeletion", "borrowingLimitPercent", "capacity", "collisionCount", "completions", "controller",
            "currentCPUUtilizationPercentage", "defaultMode", "deletionGracePeriodSeconds", "enableServiceLinks", "endPort",
            "errorCode", "expirationSeconds", "failedIndexes", "failedJobsHistoryLimit", "fsGroup", "gracePeriodSeconds",
            "holderIdentity", "hostProcess", "hostUsers", "hostnameOverride", "ignoreStoreReadErrorWithClusterBreakingPotential",
            "immutable", "ingressClassName", "leaseDurationSeconds", "leaseTransitions", "lendablePercent", "limitBytes", "managedBy",
            "manualSelector", "maxExpirationSeconds", "maxFailedIndexes", "maxItems", "maxLength", "maxProperties", "maxSurge",
            "maxUnavailable", "maximum", "minAvailable", "minDomains", "minItems", "minLength", "minProperties", "minReplicas", "minimum", "mode", "multipleOf",
            "nodeAllocatableUpdatePeriodSeconds", "nominalConcurrencyShares", "optional", "optionalOldSelf", "orphanDependents",
            "parallelism", "partition", "perDeviceNodeSelection", "podInfoOnMount", "preventPodSchedulingIfMissing", "priority",
            "privileged", "progressDeadlineSeconds", "readOnlyRootFilesystem", "ready", "recursiveReadOnlyMounts",
            "remainingItemCount", "replicas", "requiresRepublish", "revisionHistoryLimit", "runAsGroup", "runAsNonRoot", "runAsUser",
            "runtimeClassName", "seLinuxMount", "seconds", "sendInitialEvents", "serviceAccountTokenInSecrets", "serving",
            "setHostnameAsFQDN", "shareProcessNamespace", "sinceSeconds", "stabilizationWindowSeconds", "started",
            "startingDeadlineSeconds", "storageCapacity", "succeededCount", "succeededIndexes", "successfulJobsHistoryLimit",
            "suspend", "tailLines", "targetCPUUtilizationPercentage", "terminating", "terminatingReplicas",
            "terminationGracePeriodSeconds", "timeZone", "timeoutSeconds", "tolerationSeconds", "ttlSecondsAfterFinished",
            "userNamespaces", "volumeAttributesClassName");
    private static final Set<String> QUALIFIED = Set.of("PersistentVolumeClaimSpec.storageClassName",
            "JSONSchemaProps.x-kubernetes-preserve-unknown-fields");

    private Pointers() {
    }

    /** @param type its full name; the last part counts */
    static boolean has(String type, String field) {
        return NAMES.contains(field) || QUALIFIED.contains(type.substring(type.lastIndexOf('.') + 1) + "." + field);
    }
}
