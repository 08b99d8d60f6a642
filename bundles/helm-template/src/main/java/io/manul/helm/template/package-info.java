/**
 * Reads Helm charts and renders them as Helm 3 does (helm.sh/docs, "Chart Template Guide"; Go's text/template and Sprig): the same
 * bytes, the same errors. A plain library without state; packaged into the bundle {@code helm} and replaced with it.
 */
package io.manul.helm.template;
