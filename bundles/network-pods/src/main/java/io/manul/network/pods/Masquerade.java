package io.manul.network.pods;

import java.io.IOException;
import java.util.List;

/**
 * Packets of pods that leave the pod network leave with the node's address, as flannel's: not those between pods, nor those
 * from outside to a pod of this node, whose sender a policy or a log wants to see. And packets of pods are forwarded where
 * another program's rule would drop them. One table of nftables, replaced as a whole when something of it changed.
 */
final class Masquerade {

    static final String TABLE = "manul-pods";

    private final Tool tool;
    private String loaded = "";

    Masquerade(Tool tool) {
        this.tool = tool;
    }

    void ensure(List<Cidr> cluster, List<Cidr> own, boolean six) throws IOException, InterruptedException {
        String text = text(cluster, own, six);
        if (!text.equals(loaded)) {
            tool.run(text, "nft", "-f", "-");
            loaded = text;
        }
    }

    static String text(List<Cidr> cluster, List<Cidr> own, boolean six) {
        StringBuilder rules = new StringBuilder();
        for (Cidr all : cluster) {
            if (all.six() && !six) {
                continue;
            }
            String ip = all.six() ? "ip6" : "ip";
            own.stream().filter(o -> o.six() == all.six()).forEach(o ->
                    rules.append("    ").append(ip).append(" saddr != ").append(all).append(' ').append(ip).append(" daddr ").append(o).append(" return\n"));
            rules.append("    ").append(ip).append(" saddr ").append(all).append(' ').append(ip).append(" daddr ").append(all).append(" return\n")
                    .append("    ").append(ip).append(" saddr ").append(all).append(' ').append(ip).append(" daddr != ")
                    .append(all.six() ? "ff00::/8" : "224.0.0.0/4").append(" masquerade fully-random\n")
                    .append("    ").append(ip).append(" saddr != ").append(all).append(' ').append(ip).append(" daddr ").append(all).append(" masquerade fully-random\n");
        }
        return "table inet " + TABLE + "\ndelete table inet " + TABLE + "\ntable inet " + TABLE + " {\n  chain postrouting {\n"
                + "    type nat hook postrouting priority srcnat + 5; policy accept;\n" + rules + "  }\n}\n";
    }
}
