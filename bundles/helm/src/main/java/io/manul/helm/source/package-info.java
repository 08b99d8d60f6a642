/** Where charts come from: the HelmChart itself, a URL, a repository's index, an OCI registry. */
package io.manul.helm.source;
