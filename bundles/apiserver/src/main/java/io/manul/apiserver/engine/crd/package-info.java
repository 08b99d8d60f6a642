/**
 * Custom resources: CustomResourceDefinitions and the kinds they make, served by the same engine as the built-in ones
 * (Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions"; API reference, apiextensions.k8s.io/v1).
 */
package io.manul.apiserver.engine.crd;
