package io.manul.controllers.storage;

/** Annotations and finalizers by which the parts of storage talk to each other (component-helpers, storage/volume). */
public final class Marks {

    /** On a claim: the binding is complete. */
    public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    /** On a claim or volume: the controller chose, not the user; it may be undone. */
    public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    /** On a volume: who made it. */
    public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    /** On a claim: who is to make its volume; the second is the name before 1.23, still set. */
    public static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    public static final String BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
    /** On a claim: the scheduler chose this node. */
    public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    /** The class, before it was a field. */
    public static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
    public static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    public static final String BETA_DEFAULT_CLASS = "storageclass.beta.kubernetes.io/is-default-class";
    /** Finalizers while something uses it. */
    public static final String CLAIM_PROTECTION = "kubernetes.io/pvc-protection";
    public static final String VOLUME_PROTECTION = "kubernetes.io/pv-protection";
    public static final String CLASS_PROTECTION = "kubernetes.io/vac-protection";

    private Marks() {
    }
}
