using Headgate.Store.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Store.Crasher;

/// <summary>The commits that this program makes.</summary>
internal static class Sample
{
    /// <summary>Opens the store of a folder.</summary>
    public static Task<EmbeddedStore> OpenAsync(string folder) =>
        EmbeddedStore.OpenAsync(folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    /// <summary>Two keys in one commit, so that a torn one would show: <c>/a/KEY</c> and <c>/b/KEY</c> with the same value.</summary>
    public static Commit Pair(string key, string value) => new()
    {
        Operations =
        [
            new Operation.Put($"/a/{key}", System.Text.Encoding.UTF8.GetBytes(value)),
            new Operation.Put($"/b/{key}", System.Text.Encoding.UTF8.GetBytes(value)),
        ],
        Origin = new Origin("crasher", "local", $"pair {key}"),
    };
}
