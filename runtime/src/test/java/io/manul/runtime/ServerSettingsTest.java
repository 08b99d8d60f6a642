package io.manul.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command line over environment over file over default (K3S.md 1.2), and what a wrong one is told. */
class ServerSettingsTest {

    @TempDir
    Path folder;
    private final List<String> warnings = new ArrayList<>();

    private ServerSettings of(Map<String, String> env, String... arguments) throws UsageException {
        List<String> all = new ArrayList<>(List.of("--node-ip=10.0.0.1", "--node-name=n", "--config=" + folder.resolve("config.yaml")));
        all.addAll(List.of(arguments));
        return ServerSettings.of(all, env::get, warnings::add);
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theDefaultsAreThoseOfK3s() throws Exception {
        file("config.yaml", "");
        ServerSettings s = of(Map.of());
        assertEquals(List.of("6443", "10250", "10.42.0.0/16", "10.43.0.0/16", "10.43.0.10", "cluster.local", "30000-32767", "mqtt"),
                List.of(s.get("https-listen-port"), s.get("kubelet-port"), s.get("cluster-cidr"), s.get("service-cidr"), s.get("cluster-dns"),
                        s.get("cluster-domain"), s.get("service-node-port-range"), s.get("heartbeat")));
    }

    @Test
    void theLineWinsOverTheEnvironmentAndThatOverTheFile() throws Exception {
        file("config.yaml", "data-dir: /file\nwrite-kubeconfig-mode: \"0644\"\nhttps-listen-port: 7001\n");
        ServerSettings s = of(Map.of("K3S_DATA_DIR", "/k3s", "MANUL_DATA_DIR", "/env", "K3S_KUBECONFIG_MODE", "640"), "--https-listen-port", "7002");
        assertEquals("/env", s.get("data-dir"), "ours wins over that of k3s");
        assertEquals("640", s.get("write-kubeconfig-mode"));
        assertEquals("7002", s.get("https-listen-port"));
        assertEquals("/env/run", s.get("run-dir"), "a server elsewhere shares nothing with the one in the usual place");
    }

    @Test
    void aSwitchTakesTheBooleansOfGo() throws Exception {
        file("config.yaml", "");
        assertEquals("true", of(Map.of("K3S_DEBUG", "1")).get("debug"));
        assertEquals("false", of(Map.of(), "--debug=F").get("debug"));
    }

    @Test
    void dropInsFollowByNameAndAppendOnPlus() throws Exception {
        file("config.yaml", "node-label: [a=1]\ntls-san: [one]\n");
        file("config.yaml.d/2.yaml", "tls-san: [three]\n");
        file("config.yaml.d/1.yaml", "node-label+: [b=2]\ntls-san+: [two]\n");
        ServerSettings s = of(Map.of());
        assertEquals("a=1\nb=2", s.get("node-label"));
        assertEquals("three", s.get("tls-san"));
    }

    @Test
    void theKubeconfigLiesWithTheDataUnlessItsPlaceIsAskedFor() throws Exception {
        file("config.yaml", "");
        assertEquals("/etc/manul/manul.yaml", of(Map.of()).get("write-kubeconfig"));
        assertEquals("/d/manul.yaml", of(Map.of(), "--data-dir=/d").get("write-kubeconfig"));
        assertEquals("/etc/manul/manul.yaml", of(Map.of(), "--data-dir=/d", "--write-kubeconfig=/etc/manul/manul.yaml").get("write-kubeconfig"));
    }

    @Test
    void aFlagOfK3sWithoutMeaningIsTold() throws Exception {
        file("config.yaml", "");
        String without = FlagSet.SERVER.withoutMeaning().keySet().iterator().next();
        of(Map.of(), "--" + without);
        assertTrue(warnings.getFirst().startsWith("--" + without + " has no meaning here: "), warnings::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--data-dri=/x | unknown flag --data-dri; did you mean --data-dir?",
        "server | unexpected argument",
        "--data-dir | --data-dir needs a value",
        "--https-listen-port=0 | must be a port from 1 to 65535",
        "--bind-address=300.1.1.1 | --bind-address 300.1.1.1: must be an IPv4 address",
        "--node-ip=::1 | --node-ip ::1: must be an IPv4 address",
        "--debug=maybe | --debug maybe: must be true or false",
        "--secrets-encryption | Secrets are not encrypted at rest yet",
        "--https-listen-port=65536 | must be a port from 1 to 65535",
        "--cluster-cidr=10.42.0.0 | must be an IPv4 network such as",
        "--node-name=Edge | must be a lower-case DNS name",
        "--write-kubeconfig-mode=999 | must be a mode such as 600",
        "--node-taint=a=b:Never | effect NoSchedule, PreferNoSchedule or NoExecute",
        "--heartbeat=pigeon | must be mqtt or lease",
    })
    void aWrongArgumentIsNamedWithWhatIsWanted(String argument, String told) throws Exception {
        file("config.yaml", "");
        String message = assertThrows(UsageException.class, () -> of(Map.of(), argument)).getMessage();
        assertTrue(message.contains(told), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'a: [b' | is not YAML",
        "[1] | must be a map of flag names to values",
        "'data-dir: {a: b}' | data-dir must be a value or a list, not a map",
        "'data_dir: /x' | unknown flag data_dir",
    })
    void aWrongFileIsNamedWithWhatIsWanted(String text, String told) throws Exception {
        file("config.yaml", text);
        String message = assertThrows(UsageException.class, () -> of(Map.of())).getMessage();
        assertTrue(message.contains(told) && message.contains("config.yaml"), message);
    }
}
