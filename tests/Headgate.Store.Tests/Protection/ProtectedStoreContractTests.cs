using System.Security.Cryptography;
using Headgate.Store.Protection;
using Headgate.Store.Tests.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Tests.Protection;

/// <summary>A protected store is a store.</summary>
public sealed class ProtectedStoreContractTests() : EmbeddedContractTests(TempFolder.InMemory())
{
    private readonly KeyRing _ring = new([RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)]);

    protected override IConfigStore Around(IConfigStore inner) => new ProtectedStore(inner, _ring, NullLogger.Instance);
}
