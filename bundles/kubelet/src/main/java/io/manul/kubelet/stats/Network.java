package io.manul.kubelet.stats;

import io.manul.json.Obj;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counters of the interfaces of one network namespace: {@code /proc/PID/net/dev} (proc_pid_net(5)). */
record Network(List<Interface> interfaces) {

    record Interface(String name, long received, long receivedPackets, long receiveErrors, long receiveDrops, long sent, long sentPackets,
            long sendErrors, long sendDrops) {
    }

    /** Without the loopback; nothing when the process is gone. */
    static Network of(Path dev) {
        List<Interface> out = new ArrayList<>();
        try {
            for (String line : Files.readString(dev).lines().skip(2).toList()) {
                String[] f = line.strip().split("[:\\s]+");
                if (f.length >= 17 && !f[0].equals("lo")) {
                    out.add(new Interface(f[0], Long.parseLong(f[1]), Long.parseLong(f[2]), Long.parseLong(f[3]), Long.parseLong(f[4]),
                            Long.parseLong(f[9]), Long.parseLong(f[10]), Long.parseLong(f[11]), Long.parseLong(f[12])));
                }
            }
        } catch (IOException e) {
            return new Network(List.of());
        }
        return new Network(out);
    }

    /** {@code stats.NetworkStats}: one interface in front, eth0 when there is one, and all of them. */
    Obj summary(String time) {
        List<Obj> all = interfaces.stream().map(Network::object).toList();
        Obj first = all.stream().filter(i -> i.text("name").equals("eth0")).findFirst().or(() -> all.stream().findFirst()).map(Obj::copy).orElseGet(Obj::of);
        return first.put("time", time).put("interfaces", all);
    }

    private static Obj object(Interface i) {
        return Obj.of("name", i.name, "rxBytes", i.received, "rxErrors", i.receiveErrors, "txBytes", i.sent, "txErrors", i.sendErrors);
    }
}
