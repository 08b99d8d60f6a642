package io.manul.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.testing.Threads;
import io.manul.client.Cluster;
import io.manul.client.Patch;
import io.manul.client.Resources;
import io.manul.client.Selection;
import io.manul.controllers.testing.TestCluster;
import io.manul.helm.release.Release;
import io.manul.helm.release.Releases;
import io.manul.json.Obj;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The room against the real apiserver: what a HelmChart brings, changes, refuses and takes away. */
@Timeout(90)
class HelmTest {

    private static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "{{ .Release.Name }}-config"}
            data: {text: {{ .Values.text | quote }}, revision: "{{ .Release.Revision }}"}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: "{{ .Release.Name }}"}
            spec: {ports: [{port: {{ .Values.port }}}], selector: {app: web}}
            """;
    private static final String HOOK = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: "{{ .Release.Name }}-hook", annotations: {"helm.sh/hook": "post-install,post-upgrade,pre-delete"}}
            data: {revision: "{{ .Release.Revision }}"}
            """;
    private static final Map<String, String> FILES = Map.of("values.yaml", "text: default\nport: 80\n", "templates/a.yaml", CONFIG,
            "templates/b.yaml", SERVICE, "templates/hook.yaml", HOOK);

    private TestCluster api;
    private Cluster admin;
    private Helm room;

    @BeforeEach
    void begin() throws Exception {
        api = new TestCluster();
        admin = api.admin();
        for (Obj definition : Yaml.all(Files.readString(Path.of("../../features/manifests/helm-crds.yaml")), "helm-crds.yaml")) {
            admin.create(Resources.CUSTOM_RESOURCE_DEFINITIONS, "", definition);
        }
        api.await("the kinds are served", () -> {
            try {
                return admin.list(ChartReconciler.CHARTS, Selection.ALL).items().isEmpty() && admin.list(ChartReconciler.CONFIGS, Selection.ALL).items().isEmpty();
            } catch (io.manul.client.ClusterException e) {
                return false;
            }
        });
        room = new Helm(api.clusters(), TestCluster.SETTINGS);
        room.begin(new byte[0]);
    }

    @AfterEach
    void end() throws Exception {
        room.end();
        assertEquals(0, Threads.named("helmchart-"), "threads left");
        api.close();
    }

    private Obj chart(Map<String, String> files, Object... spec) throws Exception {
        Obj all = Obj.of(spec).put("chartContent", TestChart.content("1.0.0", files));
        return admin.create(ChartReconciler.CHARTS, "default", Obj.of("metadata", Obj.of("name", "site"), "spec", all));
    }

    private void change(Object... spec) throws Exception {
        admin.patch(ChartReconciler.CHARTS, "default", "site", "", Patch.MERGE, Obj.of("spec", Obj.of(spec)));
    }

    private String failed() throws Exception {
        return admin.get(ChartReconciler.CHARTS, "default", "site").map(c -> c.objects("status", "conditions").stream().filter(x -> x.text("type").equals("Failed"))
                .map(x -> x.text("status") + " " + x.text("message")).findFirst().orElse("")).orElse("gone");
    }

    private List<Release> releases() throws Exception {
        return new Releases(admin, InstantSource.system(), false).history("default", "site");
    }

    private String releaseStates() throws Exception {
        return releases().stream().map(r -> r.version() + " " + r.status()).toList().toString();
    }

    private Obj config(String name) throws Exception {
        return admin.get(Resources.CONFIG_MAPS, "default", name).orElse(Obj.of());
    }

    @Test
    void aChartIsInstalledChangedAndTakenAway() throws Exception {
        chart(FILES, "valuesContent", "text: first");
        api.await("installed", () -> failed().equals("False "));
        assertEquals("first", config("site-config").text("data", "text"));
        assertEquals("Helm", config("site-config").labels().get("app.kubernetes.io/managed-by"));
        assertEquals("1", config("site-hook").text("data", "revision"));
        assertEquals("[1 deployed]", releaseStates());

        change("set", Obj.of("port", 8080));
        api.await("upgraded", () -> releaseStates().equals("[1 superseded, 2 deployed]"));
        assertEquals(8080, admin.get(Resources.SERVICES, "default", "site").orElseThrow().objects("spec", "ports").getFirst().number("port").orElseThrow());
        admin.create(ChartReconciler.CONFIGS, "default", Obj.of("metadata", Obj.of("name", "site"), "spec", Obj.of("valuesContent", "text: config")));
        api.await("the config counts", () -> config("site-config").text("data", "text").equals("config"));

        Map<String, String> fewer = new HashMap<>(FILES);
        fewer.remove("templates/b.yaml");
        change("chartContent", TestChart.content("1.1.0", fewer));
        api.await("what the chart has no more goes", () -> admin.get(Resources.SERVICES, "default", "site").isEmpty());

        admin.delete(ChartReconciler.CHARTS, "default", "site");
        api.await("uninstalled", () -> failed().equals("gone"));
        assertEquals("[]", releaseStates());
        assertEquals(Obj.of().toString(), config("site-config").toString());
    }

    @Test
    void aSecretOfValuesThatChangesUpgrades() throws Exception {
        admin.create(Resources.SECRETS, "default", Obj.of("metadata", Obj.of("name", "values"), "stringData", Obj.of("v.yaml", "text: one")));
        chart(FILES, "valuesSecrets", List.of(Obj.of("name", "values", "keys", List.of("v.yaml"))));
        api.await("installed", () -> config("site-config").text("data", "text").equals("one"));
        admin.patch(Resources.SECRETS, "default", "values", "", Patch.MERGE, Obj.of("stringData", Obj.of("v.yaml", "text: two")));
        api.await("upgraded", () -> config("site-config").text("data", "text").equals("two"));
    }

    @Test
    void aChartThatFailsInTheMiddleSaysSoAndIsInstalledAgain() throws Exception {
        chart(FILES, "set", Obj.of("port", 70000));
        api.await("failed", () -> failed().contains("Service \"site\" in namespace \"default\": Service \"site\" is invalid"));
        assertEquals("[1 failed]", releaseStates());
        assertTrue(releases().getFirst().json().text("info", "description").startsWith("Release \"site\" failed: "));
        change("set", Obj.of("port", 70));
        api.await("installed again", () -> releaseStates().equals("[1 deployed]"));
        api.await("no failure is left", () -> failed().equals("False "));
    }

    @Test
    void abortLeavesAFailedReleaseAlone() throws Exception {
        chart(FILES, "set", Obj.of("port", 70000), "failurePolicy", "abort");
        api.await("failed", () -> failed().startsWith("True "));
        change("set", Obj.of("port", 70));
        api.await("left alone", () -> failed().startsWith("True release site revision 1 is failed and failurePolicy is abort: resolve it by hand"));
        assertEquals("[1 failed]", releaseStates());
    }

    @Test
    void whatBelongsToSomebodyElseIsNotTaken() throws Exception {
        admin.create(Resources.CONFIG_MAPS, "default", Obj.of("metadata", Obj.of("name", "site-config"), "data", Obj.of("mine", "x")));
        chart(FILES);
        api.await("refused", () -> failed().startsWith("True Unable to continue with install: ConfigMap \"site-config\" in namespace \"default\" exists and cannot be "
                + "imported into the current release: invalid ownership metadata; label validation error: missing key \"app.kubernetes.io/managed-by\""));
        assertEquals("[]", releaseStates());
        change("takeOwnership", true);
        api.await("taken over", () -> releaseStates().equals("[1 deployed]"));
        assertEquals("x", config("site-config").text("data", "mine"));
    }

    @Test
    void whatIsNoChartIsSaid() throws Exception {
        admin.create(ChartReconciler.CHARTS, "default", Obj.of("metadata", Obj.of("name", "site"), "spec", Obj.of("chartContent", "bm8gY2hhcnQ=")));
        api.await("no archive", () -> failed().startsWith("True "));
        Map<String, String> broken = new HashMap<>(FILES);
        broken.put("templates/c.yaml", "a: {{ .Values.none.here }}\n");
        change("chartContent", TestChart.content("1.0.0", broken));
        api.await("no template", () -> failed().contains("c.yaml"));
        assertEquals("True template: web/templates/c.yaml:1:13: executing \"web/templates/c.yaml\" at <.Values.none.here>: nil pointer evaluating interface {}.here", failed());
        change("chartContent", TestChart.content("1.0.0", Map.of("templates/d.yaml", "apiVersion: none.test/v1\nkind: None\nmetadata: {name: x}\n")));
        api.await("no such kind", () -> failed().contains("no matches for kind \"None\" in version \"none.test/v1\""));
        admin.patch(ChartReconciler.CHARTS, "default", "site", "", Patch.MERGE, Obj.of("metadata", Obj.of("annotations", Obj.of("helmcharts.helm.cattle.io/unmanaged", ""))));
        change("chartContent", TestChart.content("1.0.0", FILES));
        room.end();
        room.begin(new byte[0]);
        api.await("nothing is queued", room::idle);
        assertEquals("[]", releaseStates());
    }

    /** What a swap breaks off is gone on with by the next version, whatever the policy; nothing is uninstalled for it. */
    @Test
    void whatIsBrokenOffIsGoneOnWith() throws Exception {
        admin.create(Resources.SERVICE_ACCOUNTS, "default", Obj.of("metadata", Obj.of("name", "default")));
        Map<String, String> hooked = new HashMap<>(FILES);
        hooked.put("templates/wait.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: wait, annotations: {helm.sh/hook: pre-upgrade}}\n"
                + "spec: {restartPolicy: Never, containers: [{name: c, image: x}]}\n");
        chart(FILES);
        api.await("installed", () -> releaseStates().equals("[1 deployed]"));
        String uid = config("site-config").uid();
        change("failurePolicy", "abort", "chartContent", TestChart.content("1.1.0", hooked));
        api.await("waits for its hook", () -> admin.get(Resources.PODS, "default", "wait").isPresent());
        assertEquals("[1 deployed, 2 pending-upgrade]", releaseStates());
        String hook = admin.get(Resources.PODS, "default", "wait").orElseThrow().uid();
        room.end();
        room.begin(new byte[0]);
        api.await("again", () -> releaseStates().equals("[1 deployed, 2 failed, 3 pending-upgrade]"));
        assertEquals("Broken off as pending-upgrade", releases().get(1).json().text("info", "description"));
        api.await("its hook is there again, another one", () -> admin.get(Resources.PODS, "default", "wait").filter(p -> !p.uid().equals(hook)).isPresent());
        admin.patch(Resources.PODS, "default", "wait", "status", Patch.MERGE, Obj.of("status", Obj.of("phase", "Succeeded")));
        api.await("upgraded", () -> releaseStates().equals("[1 superseded, 2 failed, 3 deployed]"));
        assertEquals(uid, config("site-config").uid());
        assertEquals("3", config("site-config").text("data", "revision"));
    }

    /** The API's answer is the message, whatever was asked of it. */
    @Test
    void refusedDefinitionsAreSaid() throws Exception {
        chart(Map.of("crds/a.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: wrong}\nspec: {group: a.test}\n"));
        api.await("failed", () -> failed().startsWith("True CustomResourceDefinition"));
        assertEquals("[]", releaseStates());
    }

    /** Rendering has a thread of its own, which no closing of this room may leave behind. */
    @Test
    void aTemplateThatLoopsHoldsUpNoSwap() throws Exception {
        Map<String, String> loop = new HashMap<>(FILES);
        loop.put("templates/c.yaml", "{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}\n");
        chart(loop);
        api.await("it is rendered", () -> Threads.named("helm-template") == 1);
        long begin = System.nanoTime();
        room.end();
        assertTrue(System.nanoTime() - begin < 5_000_000_000L);
        assertEquals(0, Threads.named("helm-template"), "threads left");
        assertEquals("[]", releaseStates());
    }

    /** "While I am being replaced": two rooms take turns while the values change; the last ones are installed, nothing twice. */
    @Test
    void turnsWhileValuesChange() throws Exception {
        chart(FILES, "valuesContent", "text: t0");
        Helm[] two = {room, new Helm(api.clusters(), TestCluster.SETTINGS)};
        for (int i = 1; i <= 8; i++) {
            change("valuesContent", "text: t" + i);
            two[(i + 1) % 2].end();
            two[i % 2].begin(new byte[0]);
        }
        room = two[0];
        api.await("the last values", () -> config("site-config").text("data", "text").equals("t8"));
        api.await("one is deployed", () -> releases().stream().filter(r -> r.status().equals("deployed")).count() == 1
                && releases().getLast().status().equals("deployed"));
        api.await("idle", room::idle);
        assertEquals(0, room.health().failures());
    }
}
