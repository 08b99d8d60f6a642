/** Releases as the helm command keeps them: Secrets of type helm.sh/release.v1 (helm.sh/helm/v3, pkg/storage/driver). */
package io.manul.helm.release;
