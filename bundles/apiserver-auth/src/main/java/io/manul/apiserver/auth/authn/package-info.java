/** Authentication (Kubernetes, Authenticating): certificates, service-account tokens, rooms of this JVM. */
package io.manul.apiserver.auth.authn;
