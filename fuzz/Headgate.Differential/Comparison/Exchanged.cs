namespace Headgate.Differential.Comparison;

/// <summary>What a client saw of one connection.</summary>
/// <param name="Received">All bytes received.</param>
/// <param name="Waited">The server fell silent with the connection open, until the client finished sending.</param>
/// <param name="AnswersBeforeFinish">Final answers received before the client finished sending.</param>
/// <param name="Hung">The server left the connection open even then.</param>
internal sealed record Exchanged(byte[] Received, bool Waited, int AnswersBeforeFinish, bool Hung);
