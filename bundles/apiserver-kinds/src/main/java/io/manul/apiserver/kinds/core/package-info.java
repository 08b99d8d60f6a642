/** Namespace, ConfigMap, Secret, ServiceAccount, volumes. */
package io.manul.apiserver.kinds.core;
