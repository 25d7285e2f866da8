namespace Headgate.Core.Config;

/// <summary>One thing that a request asks of a node's metadata.</summary>
/// <param name="Key">Key of the metadata.</param>
/// <param name="Variable">The variable of the request whose value the node must have: <c>http_x_version</c>, <c>arg_stage</c>, <c>cookie_stage</c>, ...</param>
public readonly record struct SubsetKeyConfig(string Key, string Variable);
