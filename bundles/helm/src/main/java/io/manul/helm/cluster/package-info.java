/** The objects of a release in the cluster: which resource serves a kind, apply, delete, wait. */
package io.manul.helm.cluster;
