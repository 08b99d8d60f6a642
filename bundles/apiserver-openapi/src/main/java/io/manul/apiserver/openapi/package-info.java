/**
 * Discovery and OpenAPI documents, as pure functions of the schema and of what CustomResourceDefinitions add. Implements the
 * Kubernetes pages "The Kubernetes API" (discovery, aggregated discovery, OpenAPI v2 and v3) and apidiscovery.k8s.io/v2.
 * Entry: {@link io.manul.apiserver.openapi.Documents}. Packaged into the apiserver.
 */
package io.manul.apiserver.openapi;
