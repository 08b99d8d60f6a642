package io.manul.controllers.workload.replicaset;

import io.manul.client.Informer;
import io.manul.client.Resource;
import io.manul.client.Resources;
import io.manul.json.Obj;
import io.manul.model.Selector;

/** ReplicaSet or ReplicationController: they differ in name, in the form of their selector, and in one field of the status. */
public record Family(Resource resource, Informer sets, Informer pods) {

    Selector selector(Obj set) {
        return labelSelector() ? Selector.of(set.at("spec", "selector")) : Selector.of(set.stringMap("spec", "selector"));
    }

    private boolean labelSelector() {
        return resource.equals(Resources.REPLICA_SETS);
    }

    /** {@code status.terminatingReplicas} is a field of apps/v1 only. */
    boolean countsTerminating() {
        return labelSelector();
    }

    /** An event is about an object with its kind, which lists leave out. */
    Obj typed(Obj set) {
        return set.has("kind") ? set : set.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
    }
}
