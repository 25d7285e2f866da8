using Headgate.CommandLine;

// Lets a socket's completion run on the thread that saw it ready, instead of handing it to the thread pool: worth a fifth of the CPU time of a
// proxied request (docs/request-walk.md). The runtime reads this once, when the first socket is made, and for the whole process: so it stands
// before anything that could touch a socket, and whatever is slow (Admin API, store, metrics) leaves such a thread at its entry.
// Someone who sets it in the environment keeps their value.
const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
    Environment.SetEnvironmentVariable(InlineCompletions, "1");

return await new GatewayCommands(Console.Out, Console.Error).RunAsync(args);
