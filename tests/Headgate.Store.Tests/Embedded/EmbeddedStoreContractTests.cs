namespace Headgate.Store.Tests.Embedded;

public sealed class EmbeddedStoreContractTests() : EmbeddedContractTests(TempFolder.OnDisk())
{
    protected override IConfigStore Around(IConfigStore inner) => inner;
}
