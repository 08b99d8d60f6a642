package io.manul.apiserver.kinds.rbac;

import io.manul.apiserver.spi.Column;
import io.manul.apiserver.spi.FieldErrors;
import io.manul.apiserver.spi.Strategy;
import io.manul.json.Obj;
import java.time.Instant;
import java.util.List;

/** RoleBinding and ClusterRoleBinding: the role that is bound cannot be changed. */
public record BindingStrategy(boolean cluster) implements Strategy {

    @Override
    public void defaults(Obj b) {
        RbacRules.bindingDefaults(b);
    }

    @Override
    public void validate(Obj b, FieldErrors e) {
        RbacRules.binding(b, cluster, e);
    }

    @Override
    public void validateUpdate(Obj b, Obj old, FieldErrors e) {
        if (!b.at("roleRef").equals(old.at("roleRef"))) {
            e.invalid("roleRef", b.at("roleRef").map(), "cannot change roleRef");
        }
    }

    @Override
    public boolean generation() {
        return false;
    }

    @Override
    public boolean createOnUpdate() {
        return true;
    }

    @Override
    public List<Column> columns() {
        return RbacRules.BINDING.columns();
    }

    @Override
    public List<Object> cells(Obj b, Instant now) {
        return RbacRules.BINDING.of(b, now);
    }
}
