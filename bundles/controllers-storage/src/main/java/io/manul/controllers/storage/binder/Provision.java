package io.manul.controllers.storage.binder;

import io.manul.client.ClusterException;
import io.manul.client.Events;
import io.manul.client.Key;
import io.manul.controllers.storage.Informers;
import io.manul.controllers.storage.Marks;
import io.manul.controllers.storage.Storage;
import io.manul.json.Obj;
import java.util.List;
import java.util.Optional;

/** A claim that no volume fits: its class' provisioner is called by annotation, and it is said what is waited for. */
final class Provision {

    private final Informers informers;
    private final Writes writes;
    private final Events events;

    Provision(Informers informers, Writes writes, Events events) {
        this.informers = informers;
        this.writes = writes;
        this.events = events;
    }

    /** @param delayed the class binds when a pod comes */
    void claim(Obj claim, boolean delayed) throws ClusterException, InterruptedException {
        if (!Storage.hasClass(claim)) {
            Optional<Obj> byDefault = Storage.defaultClass(informers.classes().list());
            if (byDefault.isPresent()) {
                writes.claim(claim, "", Obj.of("spec", Obj.of("storageClassName", byDefault.get().name())));
                return; // told again as changed
            }
        }
        if (delayed && !Storage.marked(claim, Marks.SELECTED_NODE)) {
            waiting(claim);
        } else if (!Storage.storageClass(claim).isEmpty()) {
            external(claim);
            return;
        } else {
            events.normal(claim, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");
        }
        writes.status(claim, "Pending", null);
    }

    private void waiting(Obj claim) {
        List<String> pods = informers.users(Key.of(claim)).stream().filter(p -> !Storage.over(p) && p.text("spec", "nodeName").isEmpty())
                .map(Obj::name).sorted().toList();
        switch (pods.size()) {
            case 0 -> events.normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
            case 1 -> events.normal(claim, "WaitForPodScheduled", "waiting for pod " + pods.getFirst() + " to be scheduled");
            default -> events.normal(claim, "WaitForPodScheduled", "waiting for pods " + String.join(",", pods) + " to be scheduled");
        }
    }

    private void external(Obj claim) throws ClusterException, InterruptedException {
        String name = Storage.storageClass(claim);
        Optional<Obj> found = informers.classes().get(new Key("", name));
        if (found.isEmpty()) {
            events.warning(claim, "ProvisioningFailed", "storageclass.storage.k8s.io \"" + name + "\" not found");
            return;
        }
        String provisioner = found.get().text("provisioner");
        if (provisioner.startsWith("kubernetes.io/")) { // in-tree ones; this server has none
            events.warning(claim, "ProvisioningFailed", "no volume plugin matched name: " + provisioner);
            return;
        }
        if (!provisioner.equals(claim.annotations().get(Marks.PROVISIONER))) {
            writes.claim(claim, "", Obj.of("metadata", Obj.of("annotations", Obj.of(Marks.PROVISIONER, provisioner, Marks.BETA_PROVISIONER, provisioner))));
        }
        events.normal(claim, "ExternalProvisioning", "Waiting for a volume to be created either by the external provisioner '" + provisioner
                + "' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running"
                + " and correctly registered.");
    }
}
