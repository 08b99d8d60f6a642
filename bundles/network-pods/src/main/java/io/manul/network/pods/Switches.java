package io.manul.network.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kernel switches that forwarding needs. @param root {@code /proc/sys} */
record Switches(Path root) {

    private static final Logger LOG = LoggerFactory.getLogger(Switches.class);

    void set(List<Cidr> cidrs) {
        set("net/ipv4/ip_forward", "1");
        if (cidrs.stream().anyMatch(Cidr::six)) {
            set("net/ipv6/conf/all/forwarding", "1");
        }
        // where the bridge module is there: Services must see what pods of one node send to one another
        for (String name : List.of("iptables", "ip6tables")) {
            if (Files.exists(root.resolve("net/bridge/bridge-nf-call-" + name))) {
                set("net/bridge/bridge-nf-call-" + name, "1");
            }
        }
    }

    private void set(String key, String value) {
        Path file = root.resolve(key);
        try {
            if (!Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            LOG.warn("A kernel switch that pods' traffic needs could not be set; set it yourself key={} value={} why={}",
                    key.replace('/', '.'), value, e.toString());
        }
    }
}
