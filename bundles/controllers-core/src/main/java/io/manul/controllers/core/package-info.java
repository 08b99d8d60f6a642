/**
 * Controllers that every namespace and every owner reference needs: Namespace, ServiceAccount, root CA, garbage collection;
 * and aggregated ClusterRoles.
 */
package io.manul.controllers.core;
