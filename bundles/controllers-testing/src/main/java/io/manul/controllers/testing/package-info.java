/** For tests of controllers: the real apiserver on a datastore in memory, a stand-in for kubelets, tables of manifests. */
package io.manul.controllers.testing;
