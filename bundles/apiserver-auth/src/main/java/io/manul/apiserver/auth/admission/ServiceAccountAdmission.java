package io.manul.apiserver.auth.admission;

import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.ApiException;
import io.manul.apiserver.spi.Operation;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a pod its service account, the projected volume with its token, the root CA and its namespace, and the account's
 * pull secrets (Kubernetes, "Managing Service Accounts"; KEP-1205).
 */
public final class ServiceAccountAdmission implements Admission {

    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final int TRIES = 20;

    /** Lets a little time pass. */
    interface Pause {
        void run() throws InterruptedException;
    }

    private final Pause pause;

    public ServiceAccountAdmission() {
        this(() -> Thread.sleep(100));
    }

    ServiceAccountAdmission(Pause pause) {
        this.pause = pause;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public void mutate(Write w) throws ApiException {
        if (w.operation() != Operation.CREATE || !w.resource().group().isEmpty() || !w.resource().plural().equals("pods")
                || !w.subresource().isEmpty()) {
            return;
        }
        Obj spec = w.object().make("spec");
        if (w.object().annotations().containsKey("kubernetes.io/config.mirror")) {
            return; // a static pod has no API of its own
        }
        if (spec.text("serviceAccountName").isEmpty()) {
            spec.put("serviceAccountName", "default");
        }
        spec.put("serviceAccount", spec.text("serviceAccountName"));
        String name = spec.text("serviceAccountName");
        Obj account = account(w, name).orElseThrow(() -> ApiException.forbidden("", "pods", ShownName.of(w.object()),
                "error looking up service account " + w.namespace() + "/" + name + ": serviceaccount \"" + name + "\" not found"));
        if (mounts(spec, account)) {
            volume(spec, w);
        }
        if (spec.objects("imagePullSecrets").isEmpty() && !account.objects("imagePullSecrets").isEmpty()) {
            spec.put("imagePullSecrets", account.objects("imagePullSecrets").stream().map(Obj::copy).toList());
        }
    }

    /** A namespace's default account is made a moment after the namespace: it is waited for, as upstream does. */
    private Optional<Obj> account(Write w, String name) throws ApiException {
        Optional<Obj> found = w.reader().get("", "serviceaccounts", w.namespace(), name);
        for (int i = 0; found.isEmpty() && name.equals("default") && i < TRIES; i++) {
            try {
                pause.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ApiException.unavailable("the server is stopping: service account " + w.namespace() + "/" + name + " was not waited for");
            }
            found = w.reader().get("", "serviceaccounts", w.namespace(), name);
        }
        return found;
    }

    private static boolean mounts(Obj spec, Obj account) {
        if (spec.get("automountServiceAccountToken") instanceof Boolean b) {
            return b;
        }
        return !Boolean.FALSE.equals(account.get("automountServiceAccountToken"));
    }

    private static void volume(Obj spec, Write w) {
        String volume = spec.objects("volumes").stream().map(v -> v.text("name")).filter(n -> n.startsWith("kube-api-access-"))
                .findFirst().orElseGet(() -> "kube-api-access-" + letters(w));
        List<Obj> containers = new ArrayList<>(spec.objects("initContainers"));
        containers.addAll(spec.objects("containers"));
        boolean used = false;
        for (Obj c : containers) {
            if (c.objects("volumeMounts").stream().noneMatch(m -> m.text("mountPath").equals(MOUNT))) {
                c.list("volumeMounts").add(Obj.of("name", volume, "readOnly", true, "mountPath", MOUNT).map());
                used = true;
            }
        }
        if (used && spec.objects("volumes").stream().noneMatch(v -> v.text("name").equals(volume))) {
            spec.list("volumes").add(Obj.of("name", volume, "projected", Obj.of("defaultMode", 420, "sources", List.of(
                    Obj.of("serviceAccountToken", Obj.of("expirationSeconds", 3607, "path", "token")),
                    Obj.of("configMap", Obj.of("name", "kube-root-ca.crt", "items", List.of(Obj.of("key", "ca.crt", "path", "ca.crt")))),
                    Obj.of("downwardAPI", Obj.of("items", List.of(Obj.of("path", "namespace",
                            "fieldRef", Obj.of("apiVersion", "v1", "fieldPath", "metadata.namespace")))))))).map());
        }
    }

    private static String letters(Write w) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            s.append(LETTERS.charAt(w.random().nextInt(LETTERS.length())));
        }
        return s.toString();
    }
}
