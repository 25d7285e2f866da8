namespace Headgate.Proxy.Discovery;

/// <summary>What was told to end and may not have ended yet. Under the lock of its <see cref="DiscoveryLoop"/>.</summary>
internal sealed class EndingTasks
{
    private readonly List<Task> _tasks = [];

    /// <summary>Those that go on.</summary>
    public IEnumerable<Task> All_NeedsLock => _tasks;

    /// <summary>Keeps one until it has ended. It never fails.</summary>
    public void Add_NeedsLock(Task task)
    {
        _tasks.RemoveAll(static ended => ended.IsCompleted);
        if (!task.IsCompleted)
            _tasks.Add(task);
    }
}
