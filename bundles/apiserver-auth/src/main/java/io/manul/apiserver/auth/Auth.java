package io.manul.apiserver.auth;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import io.manul.apiserver.auth.admission.DefaultIngressClass;
import io.manul.apiserver.auth.admission.DefaultStorageClass;
import io.manul.apiserver.auth.admission.DefaultTolerationSeconds;
import io.manul.apiserver.auth.admission.LimitRanger;
import io.manul.apiserver.auth.admission.NamespaceLifecycle;
import io.manul.apiserver.auth.admission.NodeRestriction;
import io.manul.apiserver.auth.admission.PersistentVolumeClaimResize;
import io.manul.apiserver.auth.admission.Priority;
import io.manul.apiserver.auth.admission.ResourceQuota;
import io.manul.apiserver.auth.admission.ServiceAccountAdmission;
import io.manul.apiserver.auth.admission.StorageObjectInUseProtection;
import io.manul.apiserver.auth.authn.ServiceAccountTokens;
import io.manul.apiserver.auth.authn.StandardAuthenticator;
import io.manul.apiserver.auth.rbac.Escalation;
import io.manul.apiserver.auth.rbac.NodeAuthorizer;
import io.manul.apiserver.auth.rbac.RbacAuthorizer;
import io.manul.apiserver.auth.review.Reviews;
import io.manul.apiserver.spi.Admission;
import io.manul.apiserver.spi.Authenticator;
import io.manul.apiserver.spi.Authorizer;
import io.manul.apiserver.spi.Ledger;
import io.manul.apiserver.spi.Reader;
import java.time.InstantSource;
import java.util.List;

/** Everything of this room, wired: what the engine holds. */
public record Auth(Authenticator authenticator, Authorizer authorizer, List<Admission> admission, ServiceAccountTokens tokens,
        Reviews reviews) {

    public static Auth standard(Pki pki, Reader reader, Ledger ledger, Settings settings, InstantSource clock) {
        ServiceAccountTokens tokens = new ServiceAccountTokens(pki, reader, clock, settings.clusterDomain());
        RbacAuthorizer rbac = new RbacAuthorizer(reader);
        Authorizer chain = new Authorizers(List.of(new NodeAuthorizer(reader), rbac));
        List<Admission> admission = List.of(new NamespaceLifecycle(), new LimitRanger(), new ServiceAccountAdmission(), new NodeRestriction(), new Priority(),
                new DefaultTolerationSeconds(), new DefaultIngressClass(), new DefaultStorageClass(), new StorageObjectInUseProtection(),
                new PersistentVolumeClaimResize(), new Escalation(rbac), new ResourceQuota(ledger));
        return new Auth(new StandardAuthenticator(pki, tokens, reader, clock), chain, admission, tokens, new Reviews(chain, rbac, tokens));
    }
}
