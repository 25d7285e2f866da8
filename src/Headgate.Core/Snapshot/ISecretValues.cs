using System.Diagnostics.CodeAnalysis;

namespace Headgate.Core.Snapshot;

/// <summary>What references to secrets stand for, as far as it is known. For the thread that compiles snapshots.</summary>
public interface ISecretValues
{
    /// <summary>The value of a reference; false when it cannot be had, and <paramref name="problem"/> says why without telling any secret.</summary>
    bool TryGet(string reference, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem);
}
