using System.Diagnostics.CodeAnalysis;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Snapshot;
using Headgate.Core.Tests.Upstreams;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Objects that name secrets are served with them, or not as stored.</summary>
public sealed class SecretUsersTests : ISecretValues, IDisposable
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly AuthenticatingPlugin _auth = new("auth");
    private readonly NodeDirectory _directory = new(new ManualTimeProvider(), new RecordedNodes());
    private readonly SnapshotCompiler _compiler;
    private GatewaySnapshot _snapshot = GatewaySnapshot.Empty;

    public SecretUsersTests() => _compiler = new SnapshotCompiler(_directory, new PluginCatalog([_auth, new NamedPlugin("p")]), secrets: this);

    public void Dispose() => _directory.Dispose();

    public bool TryGet(string reference, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = "the keeper is down";
        return _values.TryGetValue(reference, out value);
    }

    [Fact]
    public void Secret_ComesAndChanges_TheObjectFollows()
    {
        Put("consumers/jack", """{"username":"jack","plugins":{"auth":{"key":"$env://K"}}}""");
        _snapshot.Consumers.FindCredential(_auth, "$env://K"u8).ShouldBeNull("a reference is no key");
        _compiler.Rejected.Single().Errors[0].Message.ShouldBe("$env://K cannot be had: the keeper is down");
        _compiler.SecretReferences.ShouldBe(["$env://K"]);

        _values["$env://K"] = "one";
        Reapply("$env://K");
        _compiler.Rejected.ShouldBeEmpty();
        _snapshot.Consumers.FindCredential(_auth, "one"u8).ShouldNotBeNull();

        _values["$env://K"] = "two";
        Reapply("$env://K");
        _snapshot.Consumers.FindCredential(_auth, "one"u8).ShouldBeNull();
        _snapshot.Consumers.FindCredential(_auth, "two"u8).ShouldNotBeNull();

        _values.Clear();
        Reapply("$env://K");
        _snapshot.Consumers.FindCredential(_auth, "two"u8).ShouldNotBeNull("the last good version stays");
        Put("consumers/jack", null);
        _compiler.SecretReferences.ShouldBeEmpty();
    }

    [Fact]
    public void Secret_OfTheWrongForm_IsNotTold()
    {
        _values["$env://K"] = "very-secret";
        Put("routes/1", """{"uri":"/a","plugins":{"p":{"x":"$env://K","$env://K":1,"very":"$env://K"}}}""");
        string all = string.Join("\n", _compiler.Rejected.Single().Errors.Select(error => error.Message));
        all.ShouldNotContain("very-secret");
    }

    private void Put(string key, string? json)
    {
        int slash = key.IndexOf('/');
        ResourceKind kind = Enum.GetValues<ResourceKind>().First(kind => kind.Plural() == key[..slash]);
        _snapshot = _compiler.Apply(_snapshot.Revision + 1, [new ConfigChange(kind, key[(slash + 1)..], json is null ? null : Encoding.UTF8.GetBytes(json))]);
    }

    private void Reapply(string reference) => _snapshot = _compiler.Apply(_snapshot.Revision, _compiler.NamingSecrets(new HashSet<string> { reference }));
}
