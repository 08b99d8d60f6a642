package io.manul.apiserver.kinds.certificates;

import io.manul.apiserver.kinds.Cells;
import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.Strategy;
import io.manul.apiserver.spi.User;
import io.manul.apiserver.spi.Write;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** CertificateSigningRequest (certificates.k8s.io/v1): who asks is who is authenticated, whatever the object says. */
public final class SigningRequestStrategy implements Strategy {

    private static final Cells CELLS = new Cells().age().text("SignerName", r -> r.text("spec", "signerName"))
            .text("Requestor", r -> r.text("spec", "username"))
            .text("RequestedDuration", r -> r.has("spec", "expirationSeconds") ? r.number("spec", "expirationSeconds").orElse(0) + "s" : "<none>")
            .text("Condition", SigningRequestStrategy::condition);

    @Override
    public void prepareCreate(Obj o, Write write) {
        User user = write.user();
        Obj spec = o.make("spec");
        spec.put("username", user.name()).put("uid", user.uid().isEmpty() ? null : user.uid()).put("groups", user.groups())
                .put("extra", user.extra().isEmpty() ? null : user.extra());
        o.put("status", Obj.of());
    }

    /** The request stays what was asked; approval and certificate are the status. */
    @Override
    public void prepareUpdate(Obj o, Obj old, Write write) {
        o.put("spec", old.get("spec"));
    }

    @Override
    public boolean generation() {
        return false;
    }

    private static String condition(Obj request) {
        List<String> types = request.objects("status", "conditions").stream().map(c -> c.text("type")).toList();
        String all = types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending";
        return all + (types.contains("Failed") ? ",Failed" : "") + (request.text("status", "certificate").isEmpty() ? "" : ",Issued");
    }

    @Override
    public List<Column> columns() {
        return CELLS.columns();
    }

    @Override
    public List<Object> cells(Obj o, Instant now) {
        return CELLS.of(o, now);
    }
}
