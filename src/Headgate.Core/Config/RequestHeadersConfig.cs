using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>What becomes of request header fields on the way to the nodes: the upstream's <c>request_headers</c>. Names as written, values as sent.</summary>
/// <param name="Set">Fields that take the place of the client's of that name.</param>
/// <param name="Add">Fields beside the client's of that name.</param>
/// <param name="Remove">Names of fields of the client that are not sent.</param>
public sealed record RequestHeadersConfig(EquatableArray<HeaderConfig> Set, EquatableArray<HeaderConfig> Add, EquatableArray<string> Remove);
