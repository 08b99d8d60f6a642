/** Installs charts (helm.cattle.io/v1, K3S.md 1.6). */
package io.manul.helm;
