using Headgate.Store.Prefixes;
using Headgate.Store.Tests.Embedded;

namespace Headgate.Store.Tests.Prefixes;

/// <summary>A prefixed store is a store, with every key of the tests lying elsewhere.</summary>
public sealed class PrefixedStoreContractTests() : EmbeddedContractTests(TempFolder.InMemory())
{
    protected override IConfigStore Around(IConfigStore inner) => new PrefixedStore(inner, "/teams/blue", shownAs: "");
}
