/// Tells the thread sanitizer about the one way in which threads hand something to the GUI thread here: QMetaObject::invokeMethod with a function. Qt is not
/// built with the sanitizer, so its event queue's lock is invisible, and everything that a posted function carries would look like a race. This definition
/// of Qt's entry stands before Qt's own in the order of symbols: it says "handed over" where a function is posted and "taken" where it is called or destroyed.
/// Nothing else is hidden: what a thread shares beside a posted function still has to be guarded.
#include <QMetaObject>
#include <QtGlobal>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

// Later versions of Qt post in another way; there its reports have to be read with that in mind.
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)

namespace {

class HandedOver : public QtPrivate::QSlotObjectBase {
public:
    explicit HandedOver(QtPrivate::QSlotObjectBase *slot) : QSlotObjectBase(&HandedOver::act), m_slot(slot) { __tsan_release(this); }

private:
    static void act(int what, QtPrivate::QSlotObjectBase *base, QObject *receiver, void **arguments, bool *same)
    {
        auto *self = static_cast<HandedOver *>(base);
        switch (what) {
        case Destroy:
            __tsan_acquire(self);
            self->m_slot->destroyIfLastRef();
            delete self;
            break;
        case Call:
            __tsan_acquire(self);
            self->m_slot->call(receiver, arguments);
            break;
        case Compare:
            *same = self->m_slot->compare(arguments);
            break;
        }
    }

    QtPrivate::QSlotObjectBase *m_slot;
};

} // namespace

bool QMetaObject::invokeMethodImpl(QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type, void *result)
{
    using Invoke = bool (*)(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, void *);
    static const auto invoke = reinterpret_cast<Invoke>(
        dlsym(RTLD_NEXT, "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv"));
    return invoke(object, new HandedOver(slot), type, result);
}

#endif
