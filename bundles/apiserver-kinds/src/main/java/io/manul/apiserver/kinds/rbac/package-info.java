/** Role, ClusterRole and their bindings. */
package io.manul.apiserver.kinds.rbac;
