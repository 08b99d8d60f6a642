package io.manul.itests.cluster;

import io.manul.itests.Command;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates as they are on a device that lay in a drawer. */
final class Expired {

    private Expired() {
    }

    /** Replaces a node's client certificate with one of the same key that ended yesterday. */
    static void client(Path tls, Path agent, String node) throws Exception {
        Path work = Files.createTempDirectory("manul-ca-");
        Files.writeString(work.resolve("index.txt"), "");
        Files.writeString(work.resolve("serial"), "4D41\n");
        Files.writeString(work.resolve("ca.cnf"), """
                [ca]
                default_ca = c
                [c]
                database = %1$s/index.txt
                serial = %1$s/serial
                new_certs_dir = %1$s
                default_md = sha256
                policy = p
                x509_extensions = x
                [p]
                organizationName = supplied
                commonName = supplied
                [x]
                extendedKeyUsage = clientAuth
                """.formatted(work));
        Path request = work.resolve("r.csr");
        Command.run("openssl", "req", "-new", "-key", agent.resolve("client-kubelet.key").toString(), "-subj", "/O=system:nodes/CN=system:node:" + node,
                "-out", request.toString()).orFail();
        Command.run("openssl", "ca", "-batch", "-config", work.resolve("ca.cnf").toString(), "-cert", tls.resolve("client-ca.crt").toString(), "-keyfile",
                tls.resolve("client-ca.key").toString(), "-startdate", "200101000000Z", "-enddate", "210101000000Z", "-in", request.toString(), "-notext",
                "-out", agent.resolve("client-kubelet.crt").toString()).orFail();
        Command.run("rm", "-r", work.toString()).orFail();
    }
}
